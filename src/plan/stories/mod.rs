//! Which core story the two have agreed, for who tells it to a client.

mod store;

pub use store::find_agreed as agreed_story;
