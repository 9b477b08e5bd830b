/* SPDX-License-Identifier: Apache-2.0 */

/** One request, one answer: of those who mean well and of those who don't. The
 *  hostile input is the table of what eight HTTP libraries made of it; here all
 *  of it is refused. */

#define _GNU_SOURCE
#include "net_world.h"

/* ---- what is accepted and refused --------------------------------------- */

typedef struct row {
    const char *name;
    yao_bytes   request;
    int         status;
    const char *body; /* NULL: not looked at */
} row;

static const row rows[] = {
    {"accepts a request", YAO_INIT(GET CLOSE "\r\n"), 200, "/hello"},
    {"accepts HTTP/1.0", YAO_INIT("GET /hello HTTP/1.0\r\n" HOST CLOSE "\r\n"),
     200, "/hello"},
    {"gives a path as it was sent",
     YAO_INIT("GET /a%2Fb%00c HTTP/1.1\r\n" HOST CLOSE "\r\n"), 200,
     "/a%2Fb%00c"},
    {"gives a query as it was sent",
     YAO_INIT("GET /query?a=%20&b=1+2&&c HTTP/1.1\r\n" HOST CLOSE "\r\n"), 200,
     "a=%20&b=1+2&&c"},
    {"gives a header without blanks around it",
     YAO_INIT("GET /header HTTP/1.1\r\n" HOST "X-Want: \t a b \t\r\n" CLOSE
              "\r\n"),
     200, "a b"},
    {"gives a header of any case",
     YAO_INIT("GET /header HTTP/1.1\r\n" HOST "x-WANT:v\r\n" CLOSE "\r\n"), 200,
     "v"},
    {"accepts an empty header",
     YAO_INIT("GET /header HTTP/1.1\r\n" HOST "X-Want:\r\nX-B: \r\n" CLOSE
              "\r\n"),
     200, ""},
    {"gives back a body",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 5\r\n\r\nhello"),
     200, "hello"},
    {"accepts 100-continue",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Expect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"),
     100, NULL},
    {"gives 500 when the handler forgot",
     YAO_INIT("GET /forget HTTP/1.1\r\n" HOST CLOSE "\r\n"), 500, NULL},
    {"never sends a header with a line end (N269)",
     YAO_INIT("GET /split HTTP/1.1\r\n" HOST CLOSE "\r\n"), 500, NULL},

    {"refuses Content-Length and Transfer-Encoding (N305)",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n"
              "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
     400, NULL},
    {"refuses two Content-Length (N305)",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n"
              "Content-Length: 6\r\n\r\nhello!"),
     400, NULL},
    {"refuses Content-Length said twice alike",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 5\r\n"
              "Content-Length: 5\r\n\r\nhello"),
     400, NULL},
    {"refuses a list of Content-Length",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 5, 5\r\n\r\nhello"),
     400, NULL},
    {"refuses Content-Length +5",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: +5\r\n\r\nhello"),
     400, NULL},
    {"refuses Content-Length -1",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: -1\r\n\r\nhello"),
     400, NULL},
    {"refuses Content-Length 0x5",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 0x5\r\n\r\nhello"),
     400, NULL},
    {"refuses an empty Content-Length",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length:\r\n\r\nhello"),
     400, NULL},
    {"refuses chunks (N304, N305: no end, extensions)",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n"),
     411, NULL},
    {"refuses a coding that is unknown",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
     400, NULL},
    {"refuses two Host (N305)",
     YAO_INIT(GET "Host: b.example\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses no Host (N305)", YAO_INIT("GET /hello HTTP/1.1\r\n" CLOSE "\r\n"),
     400, NULL},
    {"refuses no Host in HTTP/1.0",
     YAO_INIT("GET /hello HTTP/1.0\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses an empty Host",
     YAO_INIT("GET /hello HTTP/1.1\r\nHost:\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a Host with a path",
     YAO_INIT("GET /hello HTTP/1.1\r\nHost: a/b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in a header (N305)",
     YAO_INIT(GET "X-Want: a\0b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL at the end of the last header",
     YAO_INIT(GET CLOSE "X-Want: a\0\r\n\r\n"), 400, NULL},
    {"refuses a NUL and more in the last header",
     YAO_INIT(GET CLOSE "X-Want: a\0Content-Length: 9\r\n\r\n"), 400, NULL},
    {"refuses a NUL in a name", YAO_INIT(GET "X-W\0ant: a\r\n" CLOSE "\r\n"),
     400, NULL},
    {"refuses a control letter in a header",
     YAO_INIT(GET "X-Want: a\x01"
                  "b\r\n" CLOSE "\r\n"),
     400, NULL},
    {"refuses DEL in a header", YAO_INIT(GET "X-Want: a\x7f\r\n" CLOSE "\r\n"),
     400, NULL},
    {"refuses a letter above ASCII in a header",
     YAO_INIT(GET "X-Want: \xc3\xa9\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a lone CR in a header",
     YAO_INIT(GET "X-Want: a\rX: b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a control letter in a name",
     YAO_INIT(GET "X\x01Want: a\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a blank before the colon",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length : 5\r\n\r\nhello"),
     400, NULL},
    {"refuses a name that is no token",
     YAO_INIT(GET "X(Want: a\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a line without a colon",
     YAO_INIT(GET "nonsense\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses an empty name", YAO_INIT(GET ": a\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a folded line (N305)",
     YAO_INIT(GET "X-Want: a\r\n b\r\n" CLOSE "\r\n"), 400, NULL},
    {"refuses a folded last line",
     YAO_INIT(GET CLOSE "X-Want: a\r\n\tb\r\n\r\n"), 400, NULL},
    {"refuses a folded Content-Length",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length:\r\n 5\r\n\r\nhello"),
     400, NULL},
    {"refuses lines that end in LF (N305)",
     YAO_INIT("GET /hello HTTP/1.1\r\nHost: a\nConnection: close\n\n"), 400,
     NULL},
    {"refuses a last line that ends in LF",
     YAO_INIT(GET "Connection: close\n\r\n"), 400, NULL},
    {"refuses a URL of a proxy",
     YAO_INIT("GET http://a/hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a star", YAO_INIT("OPTIONS * HTTP/1.1\r\n" HOST CLOSE "\r\n"),
     400, NULL},
    {"refuses a fragment",
     YAO_INIT("GET /hello#x HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in the path",
     YAO_INIT("GET /he\0llo HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in the query",
     YAO_INIT("GET /hello?a=\0b HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a NUL in the method",
     YAO_INIT("G\0ET /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses two blanks in the first line",
     YAO_INIT("GET  /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a blank at the end of the first line",
     YAO_INIT("GET /hello HTTP/1.1 \r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a tab in the first line",
     YAO_INIT("GET\t/hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a control letter in the path",
     YAO_INIT("GET /he\x01llo HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a letter above ASCII in the path",
     YAO_INIT("GET /\xc3\xa9 HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses HTTP/2 by its old name",
     YAO_INIT("GET /hello HTTP/2.0\r\n" HOST CLOSE "\r\n"), 505, NULL},
    {"refuses another protocol",
     YAO_INIT("GET /hello ICAP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a method that is no token",
     YAO_INIT("G(T /hello HTTP/1.1\r\n" HOST CLOSE "\r\n"), 400, NULL},
    {"refuses a body where none is wanted",
     YAO_INIT("GET /hello HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 1\r\n\r\nx"),
     413, NULL},
    {"refuses a body that is said to be endless",
     YAO_INIT("POST / HTTP/1.1\r\n" HOST CLOSE
              "Content-Length: 99999999999999999999\r\n\r\n"),
     413, NULL},
    {"refuses another expectation", YAO_INIT(GET CLOSE "Expect: tea\r\n\r\n"),
     417, NULL},
};

static void exchange(void **state)
{
    const row *r = *state;
    world      w;

    start(&w, &usual);
    yao_text answer = ask(w.port, r->request);
    int      got    = status_of(answer);
    /* the library's own word for what it cannot read at all */
    if (got != r->status)
        print_message("# %.*s\n", (int)answer.len, (const char *)answer.ptr);
    assert_int_equal(got, r->status);
    if (r->body != NULL)
        assert_string_equal(body_of(answer), r->body);
    assert_int_equal(w.seen, r->status == 200 || r->status == 500 ||
                                 r->status == 100);
    stop(&w);
}

/* ---- sizes --------------------------------------------------------------- */

static const struct {
    const char *name, *before;
    size_t      n;
    const char *after;
    int         status;
} sizes[] = {
    {"accepts a path of 1,024 bytes", "GET /", 1023,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 200},
    {"refuses a path of 1,025 bytes", "GET /", 1024,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 414},
    {"accepts a query of 1,024 bytes", "GET /query?", 1024,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 200},
    {"refuses a query of 1,025 bytes", "GET /query?", 1025,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 414},
    {"refuses a path of 10,000 bytes", "GET /", 10000,
     " HTTP/1.1\r\n" HOST CLOSE "\r\n", 414},
    {"accepts a head of 16 KiB", GET CLOSE "X-Want: ", 16384 - 69,
     "\r\n\r\n", 200},
    {"refuses a head of 16 KiB and one", GET CLOSE "X-Want: ", 16384 - 68,
     "\r\n\r\n", 431},
    {"refuses a head of 20 kB", GET CLOSE "X-Want: ", 20000, "\r\n\r\n", 431},
    {"refuses a head of 200 kB", GET CLOSE "X-Want: ", 200000, "\r\n\r\n",
     431},
    {"accepts a body of the limit",
     "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 65536\r\n\r\n", 65536,
     "", 200},
    {"refuses a body of the limit and one (N304)",
     "POST / HTTP/1.1\r\n" HOST CLOSE "Content-Length: 65537\r\n\r\n", 0, "",
     413},
    {"refuses it also with Expect (N304)",
     "POST / HTTP/1.1\r\n" HOST CLOSE
     "Expect: 100-continue\r\nContent-Length: 65537\r\n\r\n",
     0, "", 413},
};

static void sized(void **state)
{
    size_t i = (size_t)(uintptr_t)*state;
    world  w;

    start(&w, &usual);
    yao_text answer = ask(w.port, stretch(sizes[i].before, sizes[i].n,
                                          sizes[i].after));
    if (status_of(answer) != sizes[i].status)
        print_message("# %.*s\n", (int)(answer.len < 300 ? answer.len : 300),
                      (const char *)answer.ptr);
    assert_int_equal(status_of(answer), sizes[i].status);
    stop(&w);
}

static void many_headers(void **state)
{
    uint8_t    text[4000];
    yao_bytes  request;
    yao_writer to = yao_writer_open(text, sizeof text);
    yao_text   answer;
    world      w;
    int        count = *state == NULL ? 62 : 63; /* with Host, Connection */

    yao_put_text(&to, GET CLOSE);
    for (int i = 0; i < count; i++)
        yao_put_text(&to, "X-A: b\r\n");
    yao_put_text(&to, "\r\n");
    assert_status(yao_writer_close(&to, &request), YAO_OK);
    start(&w, &usual);
    answer = ask(w.port, request);
    assert_int_equal(status_of(answer), *state == NULL ? 200 : 431);
    stop(&w);
}

int main(void)
{
    for (size_t i = 0; i < COUNT(rows); i++)
        test_add("exchange", rows[i].name, exchange, &rows[i]);
    for (size_t i = 0; i < COUNT(sizes); i++)
        test_add("exchange", sizes[i].name, sized, (void *)(uintptr_t)i);
    test_add("exchange", "accepts 64 headers", many_headers, NULL);
    test_add("exchange", "refuses 65 headers", many_headers, "");
    return test_run("net/exchange");
}
