//! The program on the appliance.
fn main() {
    println!("massho");
}
