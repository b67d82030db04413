"""Every way in: command line, chat page, reader page, HTTP API and portal widget."""
