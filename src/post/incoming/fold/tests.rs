//! What is new in a text and what is not.

use super::*;

fn roles(text: &str) -> Vec<(Role, &str)> {
    let pieces = fold(text);
    assert_eq!(pieces.iter().map(|piece| piece.text).collect::<String>(), text);
    pieces.into_iter().map(|piece| (piece.role, piece.text.trim())).collect()
}

#[test]
fn what_is_new_is_told_from_what_is_quoted() {
    for (text, new) in [
        ("謝謝。\n\nOn Fri, Sep 18, 2026 at 9:30 AM Mailbox <m@agency.example> wrote:\n> 您好\n> 再見\n", "謝謝。"),
        ("謝謝。\n\nOn Fri, Sep 18, 2026 at 9:30 AM Mailbox\n<m@agency.example> wrote:\n\n> 您好\n", "謝謝。"),
        ("謝謝。\n\n首長信箱 <m@agency.example> 於 2026年9月18日 週五 上午9:30寫道：\n\n> 您好\n", "謝謝。"),
        ("收到\n\n於 2026/9/18 上午 09:30，首長信箱 <m@agency.example> 寫道：\n您好\n", "收到"),
        ("補充如下\n\n-----Original Message-----\nFrom: a\nSent: b\n\n舊的\n", "補充如下"),
        ("補充如下\n\n-----原始郵件-----\n寄件者: a\n舊的\n", "補充如下"),
        (
            "補充如下\n\n________________________________\n寄件者: a <a@agency.example>\n寄件日期: 2026年9月18日\n收件者: b\n主旨: c\n\n舊的\n",
            "補充如下",
        ),
        ("新的\n\nFrom: Mailbox <m@agency.example>\nSent: Friday\nTo: b\nSubject: c\n\n舊的\n", "新的"),
        // The answer below the quotation.
        ("On 2026-09-18, m@agency.example wrote:\n> 請補地址\n\n地址是基隆市。\n", "地址是基隆市。"),
        ("> 一\n答一\n> 二\n答二\n", "答一\n答二"),
        ("內容\n-- \n林海\n電話\n", "內容"),
        ("內容\n\n從我的 iPhone 傳送\n", "內容"),
        // Not every such word begins a quotation.
        ("On the pier I saw what he wrote:\na line of paint.\n", "On the pier I saw what he wrote:\na line of paint."),
        ("From: 基隆\n到花蓮\n", "From: 基隆\n到花蓮"),
    ] {
        roles(text);
        let found = fold(text).into_iter().filter(|p| p.role == Role::New).map(|p| p.text).collect::<String>();
        let lines: Vec<&str> = found.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines.join("\n"), new, "{text}");
    }
    assert_eq!(written("內容\n-- \n林海\n"), "內容");
}

#[test]
fn a_signature_is_told_from_a_quotation() {
    assert_eq!(
        roles("內容\n-- \n林海\n\nOn 2026-09-18, m@agency.example wrote:\n> 舊的\n"),
        [
            (Role::New, "內容"),
            (Role::Signature, "-- \n林海"),
            (Role::Quoted, "On 2026-09-18, m@agency.example wrote:\n> 舊的"),
        ]
    );
}
