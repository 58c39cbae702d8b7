//! A citizen's browser: it keeps cookies, follows nothing by itself, and sends forms as browsers do.

use std::collections::BTreeMap;

use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, StatusCode};

/// A browser.
pub struct Browser {
    base: String,
    client: Client,
}

/// What a page answered.
#[derive(Debug)]
pub struct Seen {
    pub status: u16,
    pub location: String,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Browser {
    pub fn at(base: &str) -> Self {
        // No connection is kept: the server closes an idle one at the moment a slow test would use it again.
        let client =
            Client::builder().cookie_store(true).redirect(Policy::none()).pool_max_idle_per_host(0).build().unwrap();
        Self { base: base.to_owned(), client }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub async fn get(&self, path: &str) -> Seen {
        see(self.request(Method::GET, path)).await
    }

    /// Sends a plain form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        see(self.request(Method::POST, path).form(fields)).await
    }

    /// Sends a form with files.
    pub async fn send(&self, path: &str, form: &Form) -> Seen {
        let (kind, body) = form.multipart();
        see(self.request(Method::POST, path).header("content-type", kind).body(body)).await
    }

    /// Sends a petition; the path of the page it leads to.
    pub async fn submit(&self, form: &Form) -> String {
        let seen = self.send("/petitions", form).await;
        seen.is(303);
        seen.location
    }
}

/// Waits for an answer.
pub async fn see(request: RequestBuilder) -> Seen {
    let answer = request.send().await.unwrap();
    let headers = answer.headers().clone();
    let location = headers.get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
    let status = answer.status().as_u16();
    assert_ne!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR, "{}", answer.text().await.unwrap());
    Seen { status, location, headers, body: answer.bytes().await.unwrap().to_vec() }
}

impl Seen {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// The page without its frame, for messages.
    fn main(&self) -> String {
        let text = self.text();
        text.split("<main").nth(1).map_or(text.clone(), str::to_owned)
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map(|v| v.to_str().unwrap()).unwrap_or_default()
    }

    #[track_caller]
    pub fn has(&self, text: &str) -> &Self {
        assert!(self.text().contains(text), "no {text:?} in {}: {}", self.status, self.main());
        self
    }

    #[track_caller]
    pub fn has_not(&self, text: &str) -> &Self {
        assert!(!self.text().contains(text), "{text:?} in {}: {}", self.status, self.main());
        self
    }

    #[track_caller]
    pub fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{}", self.main());
        self
    }

    /// The values of a form's fields with this name.
    pub fn values(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let tags = text.split('<').filter(|tag| tag.contains(&format!("name=\"{name}\"")));
        tags.filter_map(|tag| tag.split("value=\"").nth(1)?.split('"').next().map(unescape)).collect()
    }

    /// The value of the one field with this name.
    pub fn value(&self, name: &str) -> String {
        let mut values = self.values(name);
        assert_eq!(values.len(), 1, "{name}");
        values.remove(0)
    }

    /// The fields that the error summary links to, in order.
    pub fn wrong_fields(&self) -> Vec<String> {
        let text = self.text();
        let Some(summary) = text.split("class=\"error-summary\"").nth(1).and_then(|s| s.split("</div>").next()) else {
            return Vec::new();
        };
        summary.split("href=\"#").skip(1).map(|s| s.split('"').next().unwrap().to_owned()).collect()
    }
}

fn unescape(text: &str) -> String {
    text.replace("&quot;", "\"")
        .replace("&#x27;", "'")
        .replace("&#x3D;", "=")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// A form: fields and files.
#[derive(Clone, Debug, Default)]
pub struct Form {
    fields: BTreeMap<String, String>,
    more: Vec<(String, String)>,
    files: Vec<(String, String, Vec<u8>)>,
}

impl Form {
    /// A petition that is as it should be, under a key.
    pub fn petition(key: &str) -> Self {
        let mut form = Self::default();
        for (name, value) in [
            ("idempotency_key", key),
            ("name", "林示範"),
            ("email", "lin@example.org"),
            ("phone", "0900-000-123"),
            ("address", ""),
            ("subject", "示範漁港北堤路燈不亮"),
            ("body", "9月15日傍晚約6點，在示範漁港北側堤防看到路燈熄滅。\r\n\r\n希望能儘快修復。"),
            ("kind", "suggestion"),
            ("category", ""),
            ("place", "示範漁港北側堤防"),
            ("reply_by", "email"),
            ("consent", "true"),
        ] {
            form.fields.insert(name.into(), value.into());
        }
        form
    }

    /// The form with another value.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.into(), value.into());
        self
    }

    /// The form without a field.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.remove(name);
        self
    }

    /// The form with one more value of a field.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.into(), value.into()));
        self
    }

    /// The form with one more file.
    pub fn file(mut self, name: &str, bytes: &[u8]) -> Self {
        self.files.push(("attachments".into(), name.into(), bytes.to_vec()));
        self
    }

    /// Its fields.
    pub fn pairs(&self) -> Vec<(&str, &str)> {
        let more = self.more.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).chain(more).collect()
    }

    /// Content type and body, names in UTF-8 as browsers write them.
    pub fn multipart(&self) -> (String, Vec<u8>) {
        const BOUNDARY: &str = "----a-boundary-that-stands-in-no-text";
        let mut body = Vec::new();
        for (name, value) in self.pairs() {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(value.as_bytes());
            body.extend_from_slice(b"\r\n");
        }
        for (field, name, bytes) in &self.files {
            let head = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }
}

/// An idempotency key as a page would make it.
pub fn key() -> String {
    chenqing::keys::random_word::<16>().unwrap()
}
