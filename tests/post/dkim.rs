//! Signed letters, read by a verifier that is not ours (Debian's python3-dkim), with keys that OpenSSL made.

use std::path::Path;
use std::process::{Command, Stdio};

use chenqing::post::deliver;

use super::world::{Place, World, header, worlds};

/// Reads a letter from standard input; its arguments are the name and the text of the one record in DNS.
const VERIFIER: &str = "import sys, dkim\n\
    name, record = sys.argv[1].encode() + b'.', sys.argv[2].encode()\n\
    letter = sys.stdin.buffer.read()\n\
    right = dkim.verify(letter, dnsfunc=lambda asked, timeout=5: record if asked == name else None)\n\
    print('right' if right else 'wrong')\n";

/// Makes a key; the text of its public half.
fn key(file: &Path, kind: &str) -> String {
    let file = file.to_str().unwrap();
    let made = Command::new("openssl").args(["genpkey", "-algorithm", kind, "-out", file]).output().unwrap();
    assert!(made.status.success(), "{made:?}");
    let public = Command::new("openssl").args(["pkey", "-pubout", "-outform", "DER", "-in", file]).output().unwrap();
    let bytes = if kind == "ed25519" { &public.stdout[public.stdout.len() - 32..] } else { &public.stdout[..] };
    let kind = kind.to_ascii_lowercase();
    format!("v=DKIM1; k={kind}; p={}", data_encoding::BASE64.encode(bytes))
}

fn verified(letter: &[u8], record: &str) -> bool {
    use std::io::Write as _;
    let mut verifier = Command::new("/usr/bin/python3")
        .args(["-c", VERIFIER, "post._domainkey.agency.example.tw", record])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    verifier.stdin.take().unwrap().write_all(letter).unwrap();
    let said = verifier.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&said.stdout);
    assert!(said.status.success(), "python3-dkim and python3-nacl are needed: {said:?}");
    text.trim() == "right"
}

fn signed(world: &World, key_file: &Path) -> Vec<Vec<u8>> {
    let place = Place::Folder(world.folder.path().join(key_file.file_stem().unwrap()));
    let mut config = place.config(&world.config);
    (config.mail.dkim.selector, config.mail.dkim.key_file) = ("post".into(), key_file.display().to_string());
    let post = super::world::post(&config, world.store.clone(), world.files.clone());
    assert_eq!(deliver(&post, &world.clock).unwrap().sent.len(), 3);
    place.arrived().into_iter().map(|letter| letter.bytes).collect()
}

#[test]
fn an_independent_verifier_takes_the_signature_and_no_changed_letter() {
    let world = worlds().remove(0);
    for kind in ["RSA", "ed25519"] {
        for n in 0..3 {
            let party = world.party(&format!("citizen{n}@example.org"), "王小明");
            let letter = super::world::notice(&"夜間噪音，已經連續三個星期。".repeat(n + 1));
            world.owe_to(chenqing::store::letters::Recipient::Party(party), letter, ["zh-TW", "en"][n % 2]);
        }
        let file = world.folder.path().join(format!("{kind}.pem"));
        let record = key(&file, kind);
        let other = key(&world.folder.path().join("other.pem"), kind);
        for letter in signed(&world, &file) {
            let signature = header(&letter, "DKIM-Signature").unwrap().to_ascii_lowercase();
            for named in ["from:", "reply-to:", "to:", "subject:", "date:", "message-id:", "references:"] {
                assert!(signature.contains(named), "{named} is not signed: {signature}");
            }
            assert!(verified(&letter, &record), "{kind}:\n{}", String::from_utf8_lossy(&letter));
            assert!(!verified(&letter, &other), "another key");
            let text = String::from_utf8(letter).unwrap();
            for changed in [
                text.replacen("Subject: ", "Subject: x", 1),
                text.replacen("Reply-To: ", "Reply-To: x", 1),
                format!("{text}x\r\n"),
            ] {
                assert_ne!(changed, text);
                assert!(!verified(changed.as_bytes(), &record), "{kind}: a change goes unseen");
            }
        }
    }
}
