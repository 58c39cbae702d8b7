//! The program over HTTP as citizens, staff and programs meet it: a real server on a free port, a browser's requests, on
//! both databases.

mod admin_jobs;
mod admin_letters;
mod browser;
mod calendar;
mod calendar_moves;
mod calendar_pages;
mod calendar_program;
mod citizen_attachments;
mod citizen_confirm;
mod citizen_faults;
mod citizen_files;
mod citizen_hostile;
mod citizen_link_pages;
mod citizen_look_up;
mod citizen_rate;
mod citizen_submit;
mod citizen_way;
mod control;
mod desk;
mod desk_clocks;
mod desk_consultation;
mod desk_entry;
mod desk_files;
mod desk_ladder;
mod desk_letters;
mod desk_lists;
mod desk_redirect;
mod desk_rights;
mod desk_sign_in;
mod desk_supplement;
mod desk_unreached;
mod desk_way;
mod policies;
mod program_interface;
mod site;
