/* SPDX-License-Identifier: Apache-2.0 */

/* The kinds of transaction that wallets of ours can show:
 * docs/formats/transactions.md */

#include "vp/request.h"

#define FIELD(name, zh, en) {YAO_INIT(name), {YAO_INIT(zh), YAO_INIT(en)}}

static const yao_vp_field payment[] = {
    FIELD("payee", "收款方", "to"),
    FIELD("amount", "金额", "amount"),
    FIELD("currency", "币种", "currency"),
    FIELD("reference", "用途", "reference"),
};

static const yao_vp_field contract[] = {
    FIELD("title", "合同", "contract"),
    FIELD("with", "对方", "with"),
    FIELD("reference", "编号", "reference"),
    FIELD("sha256", "文本摘要", "SHA-256 of its text"),
};

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const yao_vp_transaction_type kinds[] = {
    {YAO_INIT("urn:yaopai:payment:1"), payment, COUNT(payment),
     {YAO_INIT("付款"), YAO_INIT("a payment")}},
    {YAO_INIT("urn:yaopai:contract:1"), contract, COUNT(contract),
     {YAO_INIT("签订合同"), YAO_INIT("a contract")}},
};

const yao_vp_transaction_type *yao_vp_shipped_kinds(size_t *count)
{
    *count = COUNT(kinds);
    return kinds;
}

const yao_vp_transaction_type *
yao_vp_find_kind(const yao_vp_transaction_type *list, size_t count,
                 yao_text name)
{
    for (size_t i = 0; i < count; i++)
        if (yao_text_equal(list[i].name, name))
            return &list[i];
    return NULL;
}
