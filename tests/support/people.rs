//! People before the running program: a citizen and members of staff who speak HTTP, as a browser would.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};

/// Somebody with a browser of their own.
pub struct Person {
    base: String,
    client: Client,
}

impl Person {
    pub fn at(base: &str) -> Self {
        let client = Client::builder().cookie_store(true).redirect(Policy::none()).build().unwrap();
        Self { base: base.to_owned(), client }
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.base))
    }

    pub fn post(&self, path: &str, form: &BTreeMap<&str, &str>) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base)).form(form)
    }

    /// A request of a program, not of a browser.
    pub fn api(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.base))
    }

    /// The page at a path, which must be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.unwrap()
    }

    /// Sends a form; where its answer leads.
    pub async fn must_post(&self, path: &str, form: &BTreeMap<&str, &str>) -> String {
        let answer = self.post(path, form).send().await.unwrap();
        let status = answer.status();
        if status != 303 {
            panic!("{path}: {status}: {}", answer.text().await.unwrap());
        }
        location(&answer)
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) {
        let page = self.page("/desk/login").await;
        let csrf = value(&page, "_csrf");
        let form = BTreeMap::from([("_csrf", csrf), ("username", username), ("password", password), ("next", "")]);
        self.must_post("/desk/login", &form).await;
    }

    /// Signs in for the first time and sets a password of their own, as they must.
    pub async fn sign_in_first(&self, username: &str, first: &str, own: &str) {
        self.sign_in(username, first).await;
        let page = self.page("/desk/password").await;
        let form = [("_csrf", value(&page, "_csrf")), ("current", first), ("new", own), ("repeat", own)];
        assert_eq!(self.must_post("/desk/password", &BTreeMap::from(form)).await, "/desk");
    }

    /// Does something with a case from its page, with the words typed.
    pub async fn act(&self, number: &str, act: &str, typed: &[(&str, &str)]) {
        let page = self.page(&format!("/desk/cases/{number}")).await;
        let path = format!("/desk/cases/{number}/{act}");
        assert!(page.contains(&format!("action=\"{path}\"")), "the page of the case does not offer {act}");
        self.send_act(&page, &path, typed).await;
    }

    /// Writes the reply in its editor and does `act` with it.
    pub async fn write(&self, number: &str, act: &str, typed: &[(&str, &str)]) {
        let page = self.page(&format!("/desk/cases/{number}/draft")).await;
        self.send_act(&page, &format!("/desk/cases/{number}/{act}"), typed).await;
    }

    async fn send_act(&self, page: &str, path: &str, typed: &[(&str, &str)]) {
        let mut form = BTreeMap::from([("_csrf", value(page, "_csrf")), ("version", value(page, "version"))]);
        form.extend(typed.iter().copied());
        self.must_post(path, &form).await;
    }
}

/// The value of a form's field on a page.
pub fn value<'a>(html: &'a str, name: &str) -> &'a str {
    let at = html.find(&format!("name=\"{name}\"")).unwrap_or_else(|| panic!("no field {name} on the page"));
    let tag = &html[html[..at].rfind('<').unwrap()..];
    let tag = &tag[..tag.find('>').unwrap()];
    let from = tag.find("value=\"").unwrap_or_else(|| panic!("field {name} has no value")) + 7;
    &tag[from..from + tag[from..].find('"').unwrap()]
}

/// The value of the option of a page that reads like this.
pub fn option<'a>(html: &'a str, words: &str) -> &'a str {
    let option = html.split("<option value=\"").skip(1).find(|option| {
        let text = option.split_once('>').and_then(|(_, rest)| rest.split_once("</option>"));
        text.is_some_and(|(text, _)| text.contains(words))
    });
    option.unwrap_or_else(|| panic!("no option {words} on the page")).split('"').next().unwrap()
}

/// Where an answer sends the browser.
pub fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// A petition's form, under an idempotency key.
pub fn petition<'a>(key: &'a str, email: &'a str, subject: &'a str) -> BTreeMap<&'a str, &'a str> {
    BTreeMap::from([
        ("idempotency_key", key),
        ("name", "林示範"),
        ("email", email),
        ("phone", "0900-000-123"),
        ("address", ""),
        ("subject", subject),
        ("body", "示範漁港北側堤防的路燈熄滅三天，請儘快修復。"),
        ("kind", "suggestion"),
        ("category", ""),
        ("place", "示範漁港"),
        ("reply_by", "email"),
        ("consent", "on"),
    ])
}
