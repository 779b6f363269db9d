"""The composition root: settings, routes, processes. Apps import only `maretech.common` from it."""
