//! Backups by the clock: what systemd or cron has to be told.

use std::path::PathBuf;

/// What is to be run, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The program.
    pub program: PathBuf,
    /// The settings file it was told to read.
    pub config: Option<PathBuf>,
    /// Once a day instead of every hour.
    pub daily: bool,
}

impl Plan {
    fn words(&self) -> Vec<String> {
        let mut words = vec![self.program.display().to_string()];
        if let Some(config) = &self.config {
            words.extend(["--config".to_owned(), config.display().to_string()]);
        }
        words.extend(["backup", "create", "--verify", "--prune"].map(str::to_owned));
        words
    }
}

/// The service that a timer of systemd's starts.
pub fn service_unit(plan: &Plan) -> String {
    // systemd reads `%` as a specifier and `$` as a variable (systemd.service(5), "Command lines").
    let quoted = |word: &String| {
        let plain = word
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('%', "%%")
            .replace('$', "$$");
        if plain.contains([' ', '\t', '\'', ';']) || plain != *word {
            format!("\"{plain}\"")
        } else {
            plain
        }
    };
    let command: Vec<String> = plan.words().iter().map(quoted).collect();
    format!(
        "[Unit]\nDescription=Back up Pine Time, and prove it\n\n[Service]\nType=oneshot\nExecStart={}\nNice=10\nIOSchedulingClass=idle\n",
        command.join(" ")
    )
}

/// The timer.
pub fn timer_unit(plan: &Plan) -> String {
    let (word, when) = if plan.daily {
        ("day", "daily")
    } else {
        ("hour", "hourly")
    };
    format!(
        "[Unit]\nDescription=Back up Pine Time every {word}\n\n[Timer]\nOnCalendar={when}\nRandomizedDelaySec=5min\n\
         Persistent=true\n\n[Install]\nWantedBy=timers.target\n"
    )
}

/// The same for cron, one line of a crontab.
pub fn cron_line(plan: &Plan) -> String {
    // A `%` ends cron's command (crontab(5)); the shell reads the rest.
    let quoted = |word: &String| {
        let fine = |c: char| c.is_ascii_alphanumeric() || "/._-+=:,@".contains(c);
        if word.chars().all(fine) {
            word.clone()
        } else {
            format!("'{}'", word.replace('\'', "'\\''")).replace('%', "\\%")
        }
    };
    let command: Vec<String> = plan.words().iter().map(quoted).collect();
    let when = if plan.daily { "17 4 * * *" } else { "17 * * * *" };
    format!("{when} {}", command.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_paths_reach_the_program_whole() {
        let plan = Plan {
            program: PathBuf::from("/opt/pine time/100%/pine-time"),
            config: Some(PathBuf::from("/etc/pine's.toml")),
            daily: false,
        };
        assert_eq!(
            cron_line(&plan),
            r"17 * * * * '/opt/pine time/100\%/pine-time' --config '/etc/pine'\''s.toml' backup create --verify --prune"
        );
        let unit = service_unit(&plan);
        assert!(
            unit.contains(
                "ExecStart=\"/opt/pine time/100%%/pine-time\" --config \"/etc/pine's.toml\" backup"
            ),
            "{unit}"
        );
        assert!(timer_unit(&plan).contains("OnCalendar=hourly"));
        let daily = Plan { daily: true, ..plan };
        assert!(
            timer_unit(&daily).contains("OnCalendar=daily") && cron_line(&daily).starts_with("17 4 * * *")
        );
    }
}
