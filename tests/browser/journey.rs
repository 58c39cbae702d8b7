//! One petition from the form to the rating, each person in turn.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use super::window::Window;

const SUBJECT: &str = "示範漁港北堤路燈不亮，夜間行走危險";

/// A running demonstration; killed when it is dropped.
struct Demo {
    child: Child,
    url: String,
    password: String,
    _folder: tempfile::TempDir,
}

impl Demo {
    /// Starts it with a few cases and reads what it prints for people.
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_chenqing"))
            .args(["demo", "--port", "0", "--cases", "80", "--folder"])
            .arg(folder.path().join("demo"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (mut url, mut password, mut said) = (String::new(), String::new(), String::new());
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        while url.is_empty() || password.is_empty() {
            let line = lines.next().unwrap_or_else(|| panic!("the demonstration ended:\n{said}")).unwrap();
            if let Some(at) = line.find("http://127.0.0.1:").filter(|_| url.is_empty()) {
                url = line[at..].split_whitespace().next().unwrap().trim_end_matches('/').to_owned();
            }
            if line.to_lowercase().contains("password") || line.contains("密碼") {
                password = line.split_whitespace().last().unwrap().to_owned();
            }
            said.push_str(&line);
            said.push('\n');
        }
        // The rest is read by nobody, but the pipe must not fill.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, url, password, _folder: folder }
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn from_the_form_to_the_rating() {
    let demo = Demo::start();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let citizen = Window::open("citizen", 390, 900).await;
        submit(&demo, &citizen).await;
        let number = confirm(&demo, &citizen).await;

        let staff = Window::open("staff", 1280, 1000).await;
        register_and_assign(&demo, &staff, &number).await;
        write_reply(&demo, &staff, &number).await;
        approve(&demo, &staff, &number).await;

        rate(&demo, &citizen).await;
        look_at_rating_and_figures(&demo, &staff, &number).await;
        citizen.close().await;
        staff.close().await;
    });
}

async fn submit(demo: &Demo, window: &Window) {
    window.go(&demo.url).await;
    window.sees("118").await;
    window.shot("home").await;
    window.follow("a[href$='/petitions/new']").await;
    window.fill("#name", "林示範").await;
    window.fill("#email", "lin.journey@example").await;
    window.fill("#phone", "0900-000-123").await;
    window.fill("#subject", SUBJECT).await;
    window
        .fill("#body", "示範漁港北側堤防的路燈已經熄滅三天，晚上走過去看不清路面，前天有一位長者差點跌倒，請儘快修復。")
        .await;
    window.click("label[for=kind-suggestion]").await;
    window.click("label[for=reply_by-email]").await;
    window.click("label[for=consent-yes]").await;
    window.shot("form").await;
    window.press("/petitions").await;
    // The address lacks its end: told beside the field, everything else kept.
    window.find("[aria-invalid=true]").await;
    window.shot("mistake").await;
    window.fill("#email", "lin.journey@example.org").await;
    if window.client.find(fantoccini::Locator::Css("#consent-yes:checked")).await.is_err() {
        window.click("label[for=consent-yes]").await;
    }
    window.press("/petitions").await;
    window.sees("lin").await;
    window.shot("check-your-mail").await;
}

/// Opens the newest caught letter whose subject holds a word, and follows its link.
async fn follow_letter(demo: &Demo, window: &Window, word: &str, shot: &str) {
    for _ in 0..60 {
        window.go(&format!("{}/demo/mail", demo.url)).await;
        let list = window.text().await;
        if list.contains(word) && list.contains("lin.journey@example.org") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    let script = "const [word] = arguments; const li = [...document.querySelectorAll('.mail-list li')].find(li => li.textContent.includes(word) && li.textContent.includes('lin.journey@example.org')); if (!li) return null; return li.querySelector('a').href";
    let href = window.client.execute(script, vec![word.into()]).await.unwrap();
    let href = href.as_str().unwrap_or_else(|| panic!("no letter with {word:?} has arrived")).to_owned();
    window.go(&href).await;
    window.shot(shot).await;
}

async fn confirm(demo: &Demo, window: &Window) -> String {
    follow_letter(demo, window, "確認", "mail-confirm").await;
    window.follow("a[href*='/c/']").await;
    window.shot("confirm").await;
    window.follow("form[method=post] button[type=submit]").await;
    let text = window.text().await;
    let number = text
        .split(|c: char| !(c.is_ascii_digit() || c == '-'))
        .find(|word| word.len() == 12 && word.as_bytes()[10] == b'-')
        .unwrap_or_else(|| panic!("no number on the receipt:\n{text}"))
        .to_owned();
    window.shot("receipt").await;
    number
}

async fn sign_in(demo: &Demo, window: &Window, username: &str) {
    window.client.delete_all_cookies().await.unwrap();
    window.go(&format!("{}/desk/login", demo.url)).await;
    window.fill("#username", username).await;
    window.fill("#password", &demo.password).await;
    window.press("/desk/login").await;
}

async fn open_case(demo: &Demo, window: &Window, number: &str) {
    window.go(&format!("{}/desk/cases/{number}", demo.url)).await;
    window.sees(SUBJECT).await;
}

async fn register_and_assign(demo: &Demo, window: &Window, number: &str) {
    sign_in(demo, window, "registrar").await;
    window.shot("queue").await;
    open_case(demo, window, number).await;
    window.shot("case-new").await;
    window.choose("#register-category", "port_security").await;
    window.choose("#register-speed_class", "normal").await;
    window.press("/register").await;
    window.unfold("/assign").await;
    let script = "const s = document.querySelector('#assign-unit_id'); const o = [...s.options].find(o => o.textContent.includes('北部分署')); s.value = o.value;";
    window.client.execute(script, vec![]).await.unwrap();
    window.press("/assign").await;
    window.sees("北部分署").await;
    window.shot("case-assigned").await;
}

async fn write_reply(demo: &Demo, window: &Window, number: &str) {
    sign_in(demo, window, "handler").await;
    open_case(demo, window, number).await;
    window.unfold("/take").await;
    window.press("/take").await;
    window.go(&format!("{}/desk/cases/{number}/draft", demo.url)).await;
    window.fill("#body", "您反映的路燈已於今日修復，並加設警示標誌，後續每週巡查一次。謝謝您的提醒。").await;
    window.fill("#legal_basis", "行政程序法第 171 條").await;
    window.sees("路燈已於今日修復").await;
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    window.shot("draft-with-preview").await;
    window.follow("button[formaction$='/submit_reply']").await;
    window.shot("case-in-review").await;
}

async fn approve(demo: &Demo, window: &Window, number: &str) {
    sign_in(demo, window, "supervisor").await;
    open_case(demo, window, number).await;
    window.shot("case-before-approval").await;
    window.unfold("/approve").await;
    window.press("/approve").await;
    window.shot("case-replied").await;
}

async fn rate(demo: &Demo, window: &Window) {
    follow_letter(demo, window, "回復", "mail-reply").await;
    window.follow("a[href*='/r/']").await;
    for question in ["result", "clarity", "speed", "attitude"] {
        window.click(&format!("label[for={question}-4]")).await;
    }
    window.click("label[for=overall-2]").await;
    window.fill("#comment", "修得快，但希望先放警示標誌。").await;
    window.shot("rate").await;
    window.follow("form[method=post] button[type=submit]").await;
    window.shot("rated").await;
}

async fn look_at_rating_and_figures(demo: &Demo, window: &Window, number: &str) {
    sign_in(demo, window, "control").await;
    open_case(demo, window, number).await;
    window.sees("希望先放警示標誌").await;
    window.shot("case-rated").await;
    window.go(&format!("{}/desk/tasks", demo.url)).await;
    window.sees(number).await;
    window.shot("review-task").await;
    sign_in(demo, window, "manager").await;
    window.go(&format!("{}/management", demo.url)).await;
    window.find("svg").await;
    window.shot("figures").await;
}
