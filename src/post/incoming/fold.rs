//! A text parted into what its writer wrote now and what is quoted or a signature. Nothing is lost: the pieces joined are
//! the text.

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Written now.
    New,
    /// Quoted from before.
    Quoted,
    /// A signature.
    Signature,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// What it is.
    pub role: Role,
    /// Its text, with its line ends.
    pub text: &'a str,
}

/// Lines that a line of introduction may take.
const INTRODUCTION: usize = 3;

/// Parts a text.
#[must_use]
pub fn fold(text: &str) -> Vec<Piece<'_>> {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut roles: Vec<Role> = Vec::with_capacity(lines.len());
    let (mut rest, mut at) = (Role::New, 0);
    while at < lines.len() {
        let line = lines[at].trim_end_matches(['\r', '\n']);
        if rest != Role::Quoted {
            if original_follows(&lines, at) {
                rest = Role::Quoted;
            } else if let Some(length) = introduction(&lines[at..]) {
                roles.extend(std::iter::repeat_n(Role::Quoted, length));
                at += length;
                // Unless the quoted lines are marked, whatever follows is quoted.
                let next = lines[at..].iter().find(|line| !line.trim().is_empty());
                rest = if next.is_some_and(|next| is_marked(next)) { Role::New } else { Role::Quoted };
                continue;
            } else if is_marked(line) {
                roles.push(Role::Quoted);
                at += 1;
                continue;
            } else if is_signature(line, &lines[at + 1..]) {
                rest = Role::Signature;
            }
        }
        roles.push(rest);
        at += 1;
    }
    pieces(text, &lines, roles)
}

/// What was written now, without what surrounds it.
#[must_use]
pub fn written(text: &str) -> String {
    let new = fold(text).into_iter().filter(|piece| piece.role == Role::New);
    new.map(|piece| piece.text).collect::<String>().trim().to_owned()
}

/// Neighbouring lines of one role as one piece; an empty line after a quotation goes with it.
fn pieces<'a>(text: &'a str, lines: &[&'a str], mut roles: Vec<Role>) -> Vec<Piece<'a>> {
    for at in 1..lines.len() {
        if lines[at].trim().is_empty() && roles[at - 1] == Role::Quoted && roles[at] == Role::New {
            roles[at] = Role::Quoted;
        }
    }
    let (mut pieces, mut start, mut end) = (Vec::new(), 0, 0);
    for (at, line) in lines.iter().enumerate() {
        end += line.len();
        if roles.get(at + 1) != Some(&roles[at]) {
            pieces.push(Piece { role: roles[at], text: &text[start..end] });
            start = end;
        }
    }
    pieces
}

fn is_marked(line: &str) -> bool {
    line.trim_start().starts_with(['>', '＞']) || line.starts_with("| ")
}

/// `-- `, or what a telephone writes under a mail, as the last words.
fn is_signature(line: &str, after: &[&str]) -> bool {
    if matches!(line, "-- " | "--" | "－－" | "— ") {
        return true;
    }
    const TELEPHONES: &[&str] = &[
        "sent from my ",
        "sent from mail for ",
        "get outlook for ",
        "sent from yahoo mail",
        "sent from outlook",
        "從我的 iphone",
        "從我的iphone",
        "從我的 ipad",
        "寄自我的",
        "從我的手機",
        "傳送自我的",
        "由我的 iphone",
        "发自我的",
        "發自我的",
        "取得 outlook",
        "取得 ios 版 outlook",
        "取得 android 版 outlook",
        "iphoneから送信",
        "傳送自 windows",
    ];
    let lower = line.trim().to_lowercase();
    let form = lower.chars().count() < 80 && TELEPHONES.iter().any(|form| lower.starts_with(form));
    form && after.iter().find(|line| !line.trim().is_empty()).is_none_or(|next| starts_original(next.trim()))
}

/// A line after which the whole original stands.
fn original_follows(lines: &[&str], at: usize) -> bool {
    let line = lines[at].trim();
    if line.is_empty() || starts_original(line) {
        return !line.is_empty();
    }
    // A rule that mail programs draw, or nothing, and then the head of the original: two of its fields or more.
    let rule = line.len() >= 10 && line.chars().all(|c| c == '_');
    let head: &[&str] = if rule { &lines[at + 1..] } else { &lines[at..] };
    let head: Vec<&str> = head.iter().take(8).map(|line| line.trim()).filter(|line| !line.is_empty()).take(4).collect();
    let field = |line: &str, names: &[&str]| {
        let line = line.trim_start_matches(['*', ' ']).to_lowercase();
        names.iter().any(|name| {
            line.strip_prefix(name).is_some_and(|rest| rest.trim_start_matches(['*', ' ']).starts_with([':', '：']))
        })
    };
    const SENDERS: &[&str] = &["from", "寄件者", "寄件人", "发件人", "發件人", "差出人", "送信者", "von", "de"];
    const OTHERS: &[&str] = &[
        "sent",
        "date",
        "to",
        "cc",
        "subject",
        "寄件日期",
        "傳送時間",
        "傳送日期",
        "日期",
        "收件者",
        "收件人",
        "副本",
        "主旨",
        "主題",
        "标题",
        "主题",
        "发送时间",
        "抄送",
        "送信日時",
        "宛先",
        "件名",
        "日時",
        "gesendet",
        "an",
        "betreff",
        "envoyé",
        "à",
        "objet",
    ];
    head.first().is_some_and(|first| field(first, SENDERS))
        && head.iter().skip(1).filter(|line| field(line, OTHERS)).count() >= 2
}

/// `-----Original Message-----` and its like.
fn starts_original(line: &str) -> bool {
    let words = line.trim_matches(['-', '_', '=', ' ', '—']);
    const WORDS: &[&str] = &[
        "original message",
        "forwarded message",
        "原始郵件",
        "原始信件",
        "原文",
        "轉寄郵件",
        "轉寄的郵件",
        "轉寄信件",
        "原始邮件",
        "转发邮件",
        "回覆郵件",
        "original nachricht",
        "ursprüngliche nachricht",
        "message d'origine",
        "元のメッセージ",
        "original email",
        "reply message",
    ];
    line.starts_with("--") && WORDS.contains(&words.to_lowercase().as_str())
}

/// The lines of `On … wrote:` that a quotation begins with.
fn introduction(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?.trim();
    let mut joined = String::new();
    let begins = {
        let lower = first.to_lowercase();
        ["on ", "於 ", "於", "在 ", "在", "le ", "am ", "el "].iter().any(|word| lower.starts_with(word))
            || dated(first)
            || first.contains('@')
    };
    if !begins || first.is_empty() || first.chars().count() > 300 {
        return None;
    }
    for (at, line) in lines.iter().take(INTRODUCTION).enumerate() {
        let line = line.trim();
        if at > 0 && (line.is_empty() || is_marked(line)) {
            return None;
        }
        joined.push_str(line);
        joined.push(' ');
        let lower = joined.trim_end().to_lowercase();
        const ENDS: &[&str] = &[
            "wrote:",
            "writes:",
            "寫道:",
            "寫道：",
            "写道:",
            "写道：",
            "撰寫:",
            "撰寫：",
            "schrieb:",
            "a écrit :",
            "a écrit:",
            "escribió:",
            "のメッセージ:",
            "書きました:",
            "來信:",
            "wrote",
        ];
        let known = ENDS.iter().any(|end| lower.ends_with(end));
        let told = dated(&joined) || joined.contains('@') || joined.contains('<');
        if known && told {
            return Some(at + 1);
        }
    }
    None
}

/// Whether a date stands in a line: four digits of a year, or a date with slashes.
fn dated(line: &str) -> bool {
    let digits = line.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let years = digits.filter(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20"))).count();
    years > 0 || line.contains("年") && line.contains("月")
}

#[cfg(test)]
mod tests;
