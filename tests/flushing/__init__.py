"""An app of the test run only: it stands before Django's own `flush`."""
