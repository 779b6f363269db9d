"""What operations need beside the running system: linting of migrations, trying a release's predecessor, watching."""
