//! The name of the PostgreSQL server package on this system, for the sentence that asks for it. What a system is
//! called is read from os-release (freedesktop.org, `man 5 os-release`).

use std::fs;

/// How to install the server programs on this system: a sentence without its full stop.
pub(super) fn how_to_install() -> String {
    if cfg!(target_os = "macos") {
        return "Install them with: brew install postgresql@17".to_owned();
    }
    let os_release = ["/etc/os-release", "/usr/lib/os-release"]
        .iter()
        .find_map(|path| fs::read_to_string(path).ok());
    sentence(os_release.as_deref().unwrap_or_default())
}

/// The sentence for a system that describes itself as `os_release`.
fn sentence(os_release: &str) -> String {
    let family = value(os_release, "ID")
        .chain(value(os_release, "ID_LIKE"))
        .find_map(command);
    match family {
        Some(command) => format!("Install them with: {command}"),
        None => "Install this system's PostgreSQL server package".to_owned(),
    }
}

/// The words of one os-release variable.
fn value<'a>(os_release: &'a str, key: &str) -> impl Iterator<Item = &'a str> {
    os_release
        .lines()
        .find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='))
        .unwrap_or_default()
        .trim_matches(['"', '\''])
        .split_whitespace()
}

/// The command for one system identifier.
fn command(id: &str) -> Option<&'static str> {
    Some(match id {
        "debian" | "ubuntu" | "raspbian" | "linuxmint" => "apt install postgresql",
        "fedora" | "rhel" | "centos" | "rocky" | "almalinux" | "ol" | "amzn" => {
            "dnf install postgresql-server postgresql-contrib"
        }
        "opensuse" | "suse" | "sles" | "opensuse-leap" | "opensuse-tumbleweed" => {
            "zypper install postgresql-server postgresql-contrib"
        }
        "arch" | "archlinux" | "manjaro" => "pacman -S postgresql",
        "alpine" => "apk add postgresql postgresql-contrib",
        "gentoo" => "emerge dev-db/postgresql",
        "void" => "xbps-install postgresql17 postgresql17-contrib",
        "nixos" => "nix-shell -p postgresql",
        "freebsd" => "pkg install postgresql17-server postgresql17-contrib",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn each_family_gets_its_own_package() {
        for (os_release, package) in [
            (
                "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\n",
                "apt install postgresql",
            ),
            ("ID=ubuntu\nID_LIKE=debian", "apt install postgresql"),
            ("ID=fedora", "dnf install postgresql-server postgresql-contrib"),
            (
                "ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"",
                "dnf install postgresql-server postgresql-contrib",
            ),
            ("ID=endeavouros\nID_LIKE='arch'", "pacman -S postgresql"),
            ("ID=alpine", "apk add postgresql postgresql-contrib"),
        ] {
            assert_eq!(
                sentence(os_release),
                format!("Install them with: {package}"),
                "{os_release}"
            );
        }
    }

    #[test]
    fn an_unknown_system_gets_a_sentence_too() {
        for os_release in ["", "ID=plan9", "VERSION_ID=debian"] {
            assert_eq!(
                sentence(os_release),
                "Install this system's PostgreSQL server package"
            );
        }
    }
}
