//! Says which embedded folders a build depends on: `include_dir!` alone does not notice a new file.

fn main() {
    for folder in ["pages", "locales", "email_templates", "config", "migrations"] {
        println!("cargo:rerun-if-changed={folder}");
    }
}
