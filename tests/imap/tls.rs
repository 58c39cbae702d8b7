//! Encrypted connections: a certificate the system trusts lets us in, with any other no password is sent.

use super::place::{at, ledger, message};
use crate::support::dovecot::Dovecot;
use crate::support::on_both;

on_both!(a_trusted_certificate_lets_us_in_and_no_other, |db| {
    let Some(dovecot) = Dovecot::up() else { return };
    for (nth, url) in [
        format!("imaps://mailbox%40agency.example.tw@localhost:{}", dovecot.tls_port()),
        format!("imap://mailbox%40agency.example.tw@localhost:{}?tls=required", dovecot.port()),
    ]
    .iter()
    .enumerate()
    {
        let place = at(db, url, "");
        place.must(&["migrate"]);
        dovecot.deliver(&message(&format!("encrypted{nth}")));
        let logins = || dovecot.log().matches("Login: user=").count();
        let before = logins();
        let refused = place.run(&["job", "fetch"]);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains("no encryption"), "{said}");
        assert_eq!(logins(), before, "nobody logged in");
        let place = place.with("SSL_CERT_FILE", &dovecot.certificate());
        place.must(&["job", "fetch"]);
        assert_eq!(ledger(db).len(), nth + 1);
    }
});
