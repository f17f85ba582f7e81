"""The archive as a web page: server-rendered, without a request to any other host, usable without JavaScript."""
