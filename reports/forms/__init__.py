"""What people type into the pages of memos and of the office."""
