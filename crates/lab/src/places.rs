//! Where things lie in the workspace.

use std::path::{Path, PathBuf};

/// The workspace that this runs in, and its target folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    root: PathBuf,
    target: PathBuf,
}

impl Places {
    /// Finds the workspace from where cargo or the user started this.
    #[must_use]
    pub fn find() -> Self {
        let cargo = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let start = cargo.or_else(|| std::env::current_dir().ok()).unwrap_or_default();
        let root = start.ancestors().find(|folder| folder.join("Cargo.lock").is_file());
        let root = root.unwrap_or(&start).to_owned();
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
        // Relative to the workspace, as cargo takes it there.
        let target = root.join(target);
        Self { root, target }
    }

    /// The workspace's root.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The folder in which the lab keeps what it makes.
    #[must_use]
    pub fn lab(&self) -> PathBuf {
        self.target.join("lab")
    }

    /// The image: what `MASSHO_IMAGE` names, or the one that was built here.
    #[must_use]
    pub fn image(&self) -> PathBuf {
        std::env::var_os("MASSHO_IMAGE").map_or_else(|| self.target.join("image/massho.iso"), PathBuf::from)
    }

    /// The office's program: the newer of the release and the debug build.
    #[must_use]
    pub fn ledger(&self) -> PathBuf {
        self.newest("massho-ledger")
    }

    /// The lab's own program, which drives' processes run: the newer of the release and the debug build.
    #[must_use]
    pub fn lab_program(&self) -> PathBuf {
        self.newest("massho-lab")
    }

    fn newest(&self, program: &str) -> PathBuf {
        let builds = ["release", "debug"].map(|profile| self.target.join(profile).join(program));
        let made = |path: &PathBuf| path.metadata().and_then(|data| data.modified()).ok();
        builds
            .iter()
            .filter(|path| path.is_file())
            .max_by_key(|path| made(path))
            .unwrap_or(&builds[1])
            .clone()
    }

    /// The folder of one run, emptied.
    ///
    /// # Errors
    /// The system's, when the folder cannot be emptied or made.
    pub fn run_folder(&self, name: &str) -> std::io::Result<PathBuf> {
        let folder = self.target.join("lab").join(name);
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// What is missing of what a run needs, each with the command that makes it.
    #[must_use]
    pub fn missing(image: &Path, ledger: &Path) -> Vec<String> {
        let absent = |path: &Path, command: &str| {
            (!path.is_file()).then(|| format!("{} is not there. Run `{command}` first.", path.display()))
        };
        [absent(image, "image/build.sh"), absent(ledger, "cargo build -p ledger")]
            .into_iter()
            .flatten()
            .collect()
    }
}
