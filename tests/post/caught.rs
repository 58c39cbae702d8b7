//! The letters a demonstration has caught, listed and opened.

use chenqing::error::Error;
use chenqing::post::caught;

use super::world::{Place, notice, worlds};

#[test]
fn caught_letters_are_listed_newest_first_and_opened() {
    for world in worlds() {
        let folder = world.folder.path().join("caught");
        assert_eq!(caught::list(&folder, None, 10).unwrap(), []);
        let place = Place::Folder(folder.clone());
        for n in 0..12 {
            world.owe(&format!("citizen{n}@example.org"));
            world.deliver(&place);
            world.pass(1);
        }
        let party = world.party("lin@example.org", "王小明");
        world.owe_to(chenqing::store::letters::Recipient::Party(party), notice("海邊的<垃圾>"), "zh-TW");
        world.deliver(&place);
        std::fs::write(folder.join(".half.eml"), "half written").unwrap();
        std::fs::write(folder.join("notes.txt"), "something else").unwrap();

        let list = caught::list(&folder, None, 100).unwrap();
        assert_eq!(list.len(), 13);
        assert_eq!(list[0].to, "lin@example.org");
        assert!(list[0].subject.contains("海邊的<垃圾>"), "{}", list[0].subject);
        assert_eq!(list[0].date, Some(world.now()));
        assert!(list.windows(2).all(|pair| pair[0].date > pair[1].date));
        assert_eq!(caught::list(&folder, None, 3).unwrap(), list[..3]);
        assert_eq!(caught::list(&folder, Some(&list[2].id), 3).unwrap(), list[3..6]);

        let opened = caught::open(&folder, &list[0].id).unwrap();
        assert_eq!(opened.caught, list[0]);
        assert!(opened.text.contains("海邊的<垃圾>") && opened.html.contains("海邊的&lt;垃圾&gt;"));
        assert!(opened.files.is_empty());
        let value =
            |name: &str| opened.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        assert_eq!(value("Auto-Submitted"), Some("auto-generated"));
        assert!(value("From").unwrap().contains(super::world::FROM));
        assert!(value("Content-Type").unwrap().starts_with("multipart/alternative"));
        let file = folder.join(format!("{}.eml", list[0].id));
        assert_eq!(caught::source(&folder, &list[0].id).unwrap(), std::fs::read(file).unwrap());
    }
}

#[test]
fn an_id_is_never_a_path() {
    let outer = tempfile::tempdir().unwrap();
    let folder = outer.path().join("caught");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(outer.path().join("secret.eml"), "Subject: secret\r\n\r\n").unwrap();
    std::fs::write(folder.join(".hidden.eml"), "Subject: hidden\r\n\r\n").unwrap();
    let long = "a".repeat(81);
    for id in ["../secret", "..%2fsecret", "/etc/passwd", ".hidden", "", "a/b", "a\\b", "a\0b", "a.eml", "沒有", &long]
    {
        assert_eq!(caught::open(&folder, id), Err(Error::NotFound), "{id}");
        assert_eq!(caught::source(&folder, id), Err(Error::NotFound), "{id}");
    }
    assert_eq!(caught::open(&folder, "nothing"), Err(Error::NotFound));
}
