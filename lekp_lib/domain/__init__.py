"""Pure functions, one subject a module; no module knows another."""
