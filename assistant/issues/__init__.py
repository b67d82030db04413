"""Which publications and issues are meant, and what is known of them."""
