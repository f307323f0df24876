//! Where the settings and the data live.

use super::report::ConfigError;
use std::ffi::OsString;
use std::path::PathBuf;

/// Where files live unless the command line says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// `config.toml`.
    pub config: PathBuf,
    /// The database.
    pub data: PathBuf,
}

/// The default places by the XDG Base Directory Specification:
/// `$XDG_CONFIG_HOME/lingzheng/config.toml` and `$XDG_DATA_HOME/lingzheng/lingzheng.db`, where an
/// unset or relative variable stands for `$HOME/.config` and `$HOME/.local/share`.
///
/// # Errors
/// Neither the variable nor `HOME` is set.
pub fn default_paths() -> Result<Paths, ConfigError> {
    paths(|name| std::env::var_os(name))
}

/// The default place of the database alone.
///
/// # Errors
/// Neither `XDG_DATA_HOME` nor `HOME` is set.
pub fn default_data() -> Result<PathBuf, ConfigError> {
    data(&|name| std::env::var_os(name))
}

fn paths(get: impl Fn(&str) -> Option<OsString>) -> Result<Paths, ConfigError> {
    Ok(Paths {
        config: dir(&get, "XDG_CONFIG_HOME", ".config", "--config")?.join("config.toml"),
        data: data(&get)?,
    })
}

fn data(get: &dyn Fn(&str) -> Option<OsString>) -> Result<PathBuf, ConfigError> {
    Ok(dir(get, "XDG_DATA_HOME", ".local/share", "--db")?.join("lingzheng.db"))
}

fn dir(
    get: &dyn Fn(&str) -> Option<OsString>,
    name: &str,
    under_home: &str,
    option: &str,
) -> Result<PathBuf, ConfigError> {
    let absolute = |name| get(name).map(PathBuf::from).filter(|p| p.is_absolute());
    absolute(name)
        .or_else(|| Some(absolute("HOME")?.join(under_home)))
        .map(|base| base.join("lingzheng"))
        .ok_or_else(|| {
            let why = format!("neither HOME nor {name} is set; say where with {option}");
            ConfigError::plain("environment", why)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn paths_follow_the_xdg_specification() {
        let get = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|p| p.0 == name).map(|p| p.1.into())
        };
        let both = paths(get(&[("XDG_CONFIG_HOME", "/c"), ("XDG_DATA_HOME", "/d")])).unwrap();
        assert_eq!(both.config, Path::new("/c/lingzheng/config.toml"));
        assert_eq!(both.data, Path::new("/d/lingzheng/lingzheng.db"));
        let home = paths(get(&[("HOME", "/h"), ("XDG_DATA_HOME", "relative")])).unwrap();
        assert_eq!(home.config, Path::new("/h/.config/lingzheng/config.toml"));
        assert_eq!(
            home.data,
            Path::new("/h/.local/share/lingzheng/lingzheng.db")
        );
        assert_eq!(
            paths(get(&[])).unwrap_err().to_string(),
            "environment: neither HOME nor XDG_CONFIG_HOME is set; say where with --config"
        );
    }
}
