//! Encrypted connections: with a certificate the system trusts letters go, with any other they wait. The trust is put
//! into a child process, because a process may not change its own environment while threads run.

use std::path::Path;
use std::process::Command;

use chenqing::domain::delivery::LetterState;

use super::server::Server;
use super::world::{Place, World, worlds};

const CHILD: &str = "CHENQING_TEST_TLS";

/// A certificate for `localhost` and its key.
fn certificate(folder: &Path) -> (String, String) {
    let path = |name: &str| folder.join(name).display().to_string();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout", &key, "-out", &certificate])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (certificate, key)
}

fn deliver_one(world: &World, url: &str) -> usize {
    let mut config = world.config.clone();
    config.mail.smtp.url = url.into();
    let post = super::world::post(&config, world.store.clone(), world.files.clone());
    world.owe("lin@example.org");
    let delivered = chenqing::post::deliver(&post, &world.clock).unwrap();
    assert_eq!(delivered.failed.len(), 0);
    delivered.sent.len()
}

#[test]
fn a_trusted_certificate_lets_letters_go_and_any_other_holds_them() {
    let world = worlds().remove(0);
    let (certificate, key) = certificate(world.folder.path());
    let trusted = std::env::var(CHILD).is_ok();
    for (kind, scheme, query) in
        [("starttls", "smtp", "?tls=required"), ("starttls", "smtp", "?tls=opportunistic"), ("wrapped", "smtps", "")]
    {
        let mut server = Server::down();
        if trusted {
            // The parent's certificate, the one this process was told to trust.
            let folder = std::env::var(CHILD).unwrap();
            server.start(&[&format!("{folder}/certificate.pem"), &format!("{folder}/key.pem"), kind]);
        } else {
            server.start(&[&certificate, &key, kind]);
        }
        let url = format!("{scheme}://chenqing:right%20password@localhost:{}{query}", server.port());
        let sent = deliver_one(&world, &url);
        assert_eq!(sent > 0, trusted, "{url}");
        for record in server.records() {
            assert_eq!((&record["encrypted"], &record["login"]), (&true.into(), &true.into()));
        }
        assert_eq!(server.records().is_empty(), !trusted);
        world.pass(100_000);
    }
    if !trusted {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "post::tls::a_trusted_certificate_lets_letters_go_and_any_other_holds_them"])
            .env(CHILD, world.folder.path())
            .env("SSL_CERT_FILE", &certificate)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout).into_owned();
        assert!(child.status.success() && said.contains("1 passed"), "{said}");
    }
}

#[test]
fn nothing_is_sent_to_a_server_without_the_encryption_that_is_required() {
    for world in worlds() {
        let place = Place::Smtp(Server::up());
        let Place::Smtp(server) = &place else { unreachable!() };
        assert_eq!(deliver_one(&world, &format!("{}?tls=required", server.url())), 0);
        assert_eq!((world.count(LetterState::Waiting), server.records().len()), (1, 0));
    }
}
