/* SPDX-License-Identifier: Apache-2.0 */
#include "wallet/titles.h"

yao_text yao_wallet_title(const yao_wallet_batch *batch)
{
    const yao_definition *d =
        yao_document_by_name(yao_catalogue_shipped(), batch->document);

    return d == NULL ? batch->document
                     : yao_label_in(d->title, yao_language_get());
}

yao_text yao_wallet_label(const yao_element *element)
{
    return yao_label_in(element->label, yao_language_get());
}
