//! The page of caught mail over HTTP: the list with its next page, a letter, its HTML under a policy that lets it do
//! nothing; and none of it outside a demonstration.

use std::net::TcpListener;

use chenqing::web;

use super::made;

async fn get(base: &str, path: &str) -> (u16, String, String) {
    let answer = reqwest::get(format!("{base}{path}")).await.unwrap();
    let policy = answer.headers().get("content-security-policy").map_or("", |v| v.to_str().unwrap()).to_owned();
    (answer.status().as_u16(), policy, answer.text().await.unwrap())
}

/// The first address on a page that begins like this.
fn address<'a>(html: &'a str, begins: &str) -> Option<&'a str> {
    let start = html.find(&format!("\"{begins}"))? + 1;
    html[start..].split('"').next()
}

#[test]
fn caught_letters_are_read_as_they_arrived() {
    let made = made("2026-11-24T02:30:00Z", 80, 118);
    actix_web::rt::System::new().block_on(async move {
        let serve = |app: chenqing::app::App| {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let base = format!("http://{}", listener.local_addr().unwrap());
            let server = web::start(app, listener).unwrap();
            let handle = server.handle();
            actix_web::rt::spawn(server);
            (base, handle)
        };
        let (base, handle) = serve(made.app.clone());
        let (status, _, list) = get(&base, "/demo/mail").await;
        assert_eq!(status, 200);
        assert_eq!(list.matches("<li><a href=\"/demo/mail/").count(), 50);
        let next = address(&list, "/demo/mail?before").unwrap().replace("&#x3D;", "=");
        let (_, _, older) = get(&base, &next).await;
        let (first, second) = (address(&list, "/demo/mail/").unwrap(), address(&older, "/demo/mail/").unwrap());
        assert!(second < first, "newest first");

        let (status, _, letter) = get(&base, first).await;
        assert_eq!(status, 200);
        assert!(letter.contains("Message-ID") && letter.contains("http://127.0.0.1:8080/"));
        let (status, policy, html) = get(&base, &format!("{first}/html")).await;
        assert_eq!(status, 200);
        assert!(policy.starts_with("sandbox ") && policy.contains("default-src 'none'"), "{policy}");
        assert!(!policy.contains("allow-scripts") && html.contains("<base target=\"_blank\">"));
        for path in ["/demo/mail/nothing", "/demo/mail/..%2F..%2Fchenqing", &format!("{first}/files/0")] {
            assert_eq!(get(&base, path).await.0, 404, "{path}");
        }
        handle.stop(true).await;

        let mut outside = made.app.clone();
        outside.demo = false;
        let (base, handle) = serve(outside);
        for path in ["/demo/mail", first, &format!("{first}/html")] {
            assert_eq!(get(&base, path).await.0, 404, "{path}");
        }
        handle.stop(true).await;
    });
}
