"""Ways out: rendering a digest and handing it over by email, Slack or the console."""
