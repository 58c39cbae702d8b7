//! The agency's files are installed, or installed anew: what is in them replaces what has the same code; nothing that
//! cases refer to is removed.

use std::collections::HashMap;

use crate::acts::Office;
use crate::domain::agency::{Agency, Category, SpeedClass};
use crate::domain::agency_files::AgencyFiles;
use crate::domain::calendar_file::CalendarFile;
use crate::domain::time::Moment;
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::store::agency::{
    put_category, put_mailbox, put_speed_class, put_unit, set_agency, set_category_group, set_office, set_regions,
};
use crate::store::reference::{self, OfficeRules};
use crate::store::{Db, calendars, policies};

/// The digest of the calendar file that was installed last.
const CALENDAR_FILE: &str = "calendar_file";

/// Installs the agency's files. The calendar becomes a new version only when its file changed.
///
/// # Errors
/// Of the database. The files are checked by the caller ([`AgencyFiles::check`]).
pub fn install(office: &Office, now: Moment, files: &AgencyFiles) -> Result<()> {
    let (office, files) = (office.clone(), files.clone());
    office.store.clone().write(move |db| {
        let agency = &files.agency;
        set_agency(
            db,
            &Agency {
                name_zh: agency.name_zh.clone(),
                name_en: agency.name_en.clone(),
                phone: agency.phone.clone(),
                hotline: agency.hotline.clone(),
                address: agency.address.clone(),
            },
        )?;
        set_regions(db, &agency.region)?;
        let rules =
            OfficeRules { hours: agency.office_hours.clone(), saturday_to_monday_noon: agency.saturday_to_monday_noon };
        let other_hours = reference::office_rules(db)? != rules;
        set_office(db, &rules)?;
        let units = units(db, &files)?;
        let unit = |code: &str| units.get(code).copied().ok_or_else(|| Error::internal(format!("no unit {code}")));
        for mailbox in &agency.mailbox {
            let names = (mailbox.name_zh.as_str(), mailbox.name_en.as_str());
            put_mailbox(db, &mailbox.address, names, unit(&mailbox.root_unit)?, unit(&mailbox.registry_unit)?)?;
        }
        for (sort, entry) in (0..).zip(&files.categories) {
            let category = Category {
                code: entry.code.clone(),
                name_zh: entry.name_zh.clone(),
                name_en: entry.name_en.clone(),
                unit_id: entry.unit.as_deref().map(unit).transpose()?,
            };
            put_category(db, &category, sort)?;
        }
        for entry in &files.categories {
            set_category_group(db, &entry.code, entry.group.as_deref())?;
        }
        for (sort, entry) in (0..).zip(&files.speed_classes) {
            let class = SpeedClass {
                code: entry.code.clone(),
                name_zh: entry.name_zh.clone(),
                name_en: entry.name_en.clone(),
                limit: entry.limit,
            };
            put_speed_class(db, &class, sort)?;
        }
        // What an administrator wrote since stays in force until the file itself changes.
        if policies::newest_from_files(db)?.as_deref() != Some(&files.policies_text) {
            policies::insert(db, &files.policies_text, &files.policies, "policies.toml", None, now)?;
        }
        calendar(db, &office, &files.calendar, other_hours, now)
    })
}

/// Installs the file's years where the file changed since it was last installed: what was imported since stays, and so do
/// years that the file does not have. Other office hours are a new version too, because limits in hours end elsewhere.
fn calendar(db: &mut Db, office: &Office, file: &CalendarFile, other_hours: bool, now: Moment) -> Result<()> {
    calendars::lock(db)?;
    let digest = digest(file);
    let installed = reference::value(db, CALENDAR_FILE)?;
    let current = calendars::data(db, &office.zone)?;
    let is_given = |year: i16| file.years.contains(&year);
    let years = current.years.iter().flatten().filter(|year| is_given(**year)).eq(&file.years);
    let days = current.days.iter().filter(|day| is_given(day.date.year())).eq(&file.days);
    if installed.as_ref() != Some(&digest) && !(years && days) {
        calendars::activate(db, &file.years, &file.days, "agency files", now)?;
    } else if other_hours && current.version > 0 {
        calendars::activate(db, &[], &[], "office hours", now)?;
    }
    reference::set_value(db, CALENDAR_FILE, &digest)
}

/// What the file says, whatever its form.
fn digest(file: &CalendarFile) -> String {
    let days = file.days.iter().map(|day| format!("{} {:?} {}\n", day.date, day.kind, day.note));
    sha256(format!("{:?}\n{}", file.years, days.collect::<String>()).as_bytes())
}

/// Puts the units; their ids by code.
fn units(db: &mut Db, files: &AgencyFiles) -> Result<HashMap<String, i64>> {
    let mut ids: HashMap<String, i64> = HashMap::new();
    for (sort, unit) in (0..).zip(&files.units) {
        let parent = unit.parent.as_ref().and_then(|code| ids.get(code).copied());
        let id = put_unit(db, &unit.code, parent, (&unit.name_zh, &unit.name_en), (&unit.phone, &unit.region), sort)?;
        ids.insert(unit.code.clone(), id);
    }
    Ok(ids)
}
