//! Staff at their browsers: accounts of every role, signing in, and an act on a case as its page posts it.

use std::sync::LazyLock;

use chenqing::acts::add_staff::{NewAccount, add_staff};
use chenqing::acts::{confirm, rate, submit};
use chenqing::domain::case::{Channel, Kind, ReplyBy};
use chenqing::domain::rating::Rating;
use chenqing::domain::staff::Role;
use chenqing::domain::submission::Petition;
use chenqing::store::cases::Case;
use chenqing::store::staff::{self, NewStaff};
use chenqing::store::{cases, replies};

use super::browser::{Browser, Form, Seen, key};
use super::site::Site;

/// The password of everybody here.
pub const PASSWORD: &str = "a long sentence of 2026";

/// Everybody: user name, name, role, unit. The desk's own people stand beside the few of [`Site`].
const PEOPLE: &[(&str, &str, Role, &str)] = &[
    ("d.registrar", "林登記", Role::Registrar, "secretariat"),
    ("d.handler", "王範例", Role::Handler, "logistics_ships"),
    ("d.handler2", "趙範例", Role::Handler, "logistics"),
    ("d.supervisor", "陳主管", Role::Supervisor, "logistics"),
    ("d.foreign", "李外人", Role::Handler, "north"),
    ("d.foreign.supervisor", "郭外人", Role::Supervisor, "north"),
    ("d.control", "張研考", Role::ControlOfficer, "planning_control"),
    ("d.manager", "黃管理", Role::Manager, "headquarters"),
    ("d.admin", "吳系統", Role::Administrator, "it_systems"),
    ("d.auditor", "鄭稽核", Role::Auditor, "ethics"),
];

/// Adds everybody to a site. One is hashed by the act; the rest share its hash.
pub fn staff_up(site: &Site) {
    let (username, name, role, unit) = PEOPLE[0];
    let account = NewAccount {
        username: username.into(),
        name: name.into(),
        unit: unit.into(),
        roles: vec![role],
        email: format!("{username}@agency.example.tw"),
        phone: String::new(),
    };
    add_staff(site.office(), site.now(), &account, Some(PASSWORD)).unwrap();
    let hash = site.read(|db| staff::by_username(db, username)).password_hash;
    let (office, now) = (site.office().clone(), site.now());
    site.office()
        .store
        .write(move |db| {
            let reference = office.reference(db)?;
            for (username, name, role, unit) in &PEOPLE[1..] {
                let new = NewStaff {
                    username: (*username).into(),
                    name: (*name).into(),
                    unit_id: reference.units.by_code(unit).unwrap().id,
                    roles: vec![*role],
                    email: format!("{username}@agency.example.tw"),
                    phone: "02-0000-1234".into(),
                    password_hash: hash.clone(),
                    must_change_password: false,
                };
                staff::insert(db, &new, now)?;
            }
            Ok(())
        })
        .unwrap();
}

/// A site with everybody.
pub fn open(db: &crate::support::TestDb) -> Site {
    let site = Site::open(db);
    staff_up(&site);
    site
}

/// A member of staff at a browser.
pub struct Worker {
    pub browser: Browser,
    pub csrf: String,
}

/// Sends the log-in form.
pub async fn log_in(browser: &Browser, username: &str, password: &str, next: &str) -> Seen {
    let word = browser.get("/desk/login").await.is(200).value("_csrf");
    let fields = [("_csrf", word.as_str()), ("username", username), ("password", password), ("next", next)];
    browser.post("/desk/login", &fields).await
}

/// Signs somebody in.
pub async fn sign_in(site: &Site, username: &str) -> Worker {
    let browser = Browser::at(&site.base);
    log_in(&browser, username, PASSWORD, "").await.is(303);
    let csrf = browser.get("/desk/password").await.is(200).value("_csrf");
    Worker { browser, csrf }
}

impl Worker {
    pub async fn get(&self, path: &str) -> Seen {
        self.browser.get(path).await
    }

    /// Posts a form with the session's word.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Seen {
        let mut all = vec![("_csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.browser.post(path, &all).await
    }

    /// The page of a case.
    pub async fn case(&self, number: &str) -> Seen {
        self.get(&format!("/desk/cases/{number}")).await
    }

    /// Does an act from the page of the case as it stands.
    pub async fn act(&self, site: &Site, number: &str, act: &str, fields: &[(&str, &str)]) -> Seen {
        let version = site.case(number).version.to_string();
        let mut all = vec![("version", version.as_str())];
        all.extend_from_slice(fields);
        self.post(&format!("/desk/cases/{number}/{act}"), &all).await
    }

    /// Does an act that must be done, and follows to the page after it.
    pub async fn must(&self, site: &Site, number: &str, act: &str, fields: &[(&str, &str)]) -> Seen {
        let seen = self.act(site, number, act, fields).await;
        assert_eq!(seen.status, 303, "{act} {fields:?}: {}", seen.text());
        let after = self.get(&seen.location).await;
        after.is(200);
        after
    }

    /// Saves or submits the draft from the editor.
    pub async fn write(&self, site: &Site, number: &str, act: &str, form: Form) -> Seen {
        let version = site.case(number).version.to_string();
        let form = form.with("_csrf", &self.csrf).with("version", &version);
        self.browser.send(&format!("/desk/cases/{number}/{act}"), &form).await
    }
}

/// A petition as it comes from the public form.
pub fn petition() -> Petition {
    Petition {
        name: "林示範".into(),
        email: "lin@example.org".into(),
        phone: "0900-000-123".into(),
        address: String::new(),
        subject: "示範漁港北堤路燈不亮".into(),
        body: "在示範漁港北側堤防看到路燈熄滅，已經三天。".into(),
        kind: Kind::Suggestion,
        category: Some("port_security".into()),
        place: "示範漁港".into(),
        confidential: false,
        reply_by: ReplyBy::Email,
        locale: "zh-TW".into(),
        channel: Channel::Web,
    }
}

/// A petition that was handed in and confirmed; its number.
pub fn received(site: &Site, petition: Petition) -> String {
    let submission = submit::submit(site.office(), site.now(), petition, &[], &key()).unwrap();
    confirm::confirm(site.office(), site.now(), &submission.link()).unwrap().number
}

/// What the registrar sets.
pub static CLASS: LazyLock<Vec<(&str, &str)>> =
    LazyLock::new(|| vec![("kind", "suggestion"), ("category", "port_security"), ("speed_class", "normal")]);

/// The id of somebody, as a form sends it.
pub fn id_of(site: &Site, username: &str) -> String {
    site.person(username).id.to_string()
}

/// The id of a unit, as a form sends it.
pub fn unit(site: &Site, code: &str) -> String {
    let id = site.read(|db| Ok(site.office().reference(db)?.units.by_code(code).unwrap().id));
    id.to_string()
}

/// A case in the hands of `d.handler`: registered, assigned to the unit and the person.
pub async fn in_progress(site: &Site, number: &str, registrar: &Worker) {
    registrar.must(site, number, "register", &CLASS).await;
    let (unit, handler) = (unit(site, "logistics_ships"), id_of(site, "d.handler"));
    registrar.must(site, number, "assign", &[("unit_id", &unit), ("handler_id", &handler)]).await;
}

/// The reply's words.
pub fn reply() -> Form {
    Form::default()
        .with("body", "您好：\r\n\r\n路燈已於9月23日修復，並每週巡查一次。")
        .with("legal_basis", "漁港法第18條")
}

/// Rates the reply of the case's round by its link.
pub fn rate_overall(site: &Site, case: &Case, overall: i32) {
    let reply = site.read(|db| replies::of_round(db, case.id, case.round)).unwrap();
    let rating = Rating {
        result: overall,
        clarity: overall,
        speed: overall,
        attitude: overall,
        overall,
        comment: "回信太慢。".into(),
        may_call: true,
    };
    rate::rate(site.office(), site.now(), &reply.link().unwrap(), &rating).unwrap();
}

/// Makes a person the one complained of.
pub fn complain_of(site: &Site, number: &str, username: &str) {
    let (case, person) = (site.case(number), site.person(username));
    site.office()
        .store
        .write(move |db| {
            let references = cases::references(db, case.id)?;
            let references = cases::References { respondent_staff_id: Some(person.id), ..references };
            cases::set_references(db, &references)
        })
        .unwrap();
}
