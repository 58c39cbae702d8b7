//! HTML of strangers, made safe to show.

use chenqing::post::incoming::safe_html;

#[test]
fn what_runs_or_is_fetched_goes_and_words_stay() {
    for (html, expected) in [
        ("<p>您好<script>alert(1)</script></p>", "<p>您好</p>"),
        ("<style>@import url(http://example.org/a.css)</style><p>x</p>", "<p>x</p>"),
        ("<p style=\"background:url(http://example.org/a)\">x</p>", "<p>x</p>"),
        ("<svg><image href=\"http://example.org/a\"/></svg>x", "x"),
        ("<meta http-equiv=refresh content=\"0;url=http://example.org\">x", "x"),
        ("<form action=\"http://example.org\"><input name=a><button>go</button></form>x", "gox"),
        ("<img src=\"http://example.org/pixel.gif\">x", "<img>x"),
        ("<img src=\"data:image/png;base64,AAAA\">x", "<img>x"),
        ("<img src=\"//example.org/a\" srcset=\"http://example.org/b 2x\">x", "<img>x"),
        ("<img src=\"cid:a@b\" alt=\"圖\">", "<img src=\"cid:a@b\" alt=\"圖\">"),
        ("<a href=\"javascript:alert(1)\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
        ("<a href=\" jAvA\tscript:alert(1)\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
        ("<a href=\"data:text/html,x\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
        ("<a href=\"/admin\">x</a>", "<a rel=\"noopener noreferrer nofollow\">x</a>"),
        (
            "<table background=\"http://example.org/a\"><tr><td>x</td></tr></table>",
            "<table><tbody><tr><td>x</td></tr></tbody></table>",
        ),
        ("<p onclick=\"x()\">x</p>", "<p>x</p>"),
        ("<iframe src=\"http://example.org\">a</iframe><object data=x>b</object>x", "x"),
        ("<blockquote cite=\"http://example.org\">x</blockquote>", "<blockquote>x</blockquote>"),
        ("<link rel=stylesheet href=http://example.org/a.css><base href=http://example.org/>x", "x"),
    ] {
        assert_eq!(safe_html(html), expected, "{html}");
    }
    let link = safe_html("<a href=\"https://example.org/\">x</a>");
    assert_eq!(link, "<a href=\"https://example.org/\" rel=\"noopener noreferrer nofollow\">x</a>");
}

#[test]
fn what_is_too_deep_is_shown_as_text() {
    let safe = safe_html(&format!("{}<script>x</script>深", "<div>".repeat(5_000)));
    assert!(safe.starts_with("<pre>") && safe.contains('深') && !safe.contains("<script"), "{safe}");
}
