//! Has the binary built anew when the UI was.

fn main() {
    // A folder that is not there would count as changed at every build.
    let made = std::fs::create_dir_all("ui/dist");
    if let Err(error) = made {
        println!("cargo:warning=ui/dist cannot be made: {error}");
    }
    println!("cargo:rerun-if-changed=ui/dist");
}
