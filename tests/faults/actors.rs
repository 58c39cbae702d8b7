//! The people of a fault test: a citizen and members of staff who speak HTTP, as a browser would.

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

    /// The page at a path, which must be there.
    pub async fn page(&self, path: &str) -> String {
        let answer = self.get(path).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.status());
        answer.text().await.unwrap()
    }

    /// Signs in.
    pub async fn sign_in(&self, username: &str, password: &str) {
        let page = self.page("/desk/login").await;
        let csrf = value(&page, "_csrf");
        let form = BTreeMap::from([("_csrf", csrf), ("username", username), ("password", password), ("next", "")]);
        let answer = self.post("/desk/login", &form).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{username} cannot sign in: {}", answer.text().await.unwrap());
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
