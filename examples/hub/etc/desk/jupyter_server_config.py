"""The desk alone: JupyterLab shows the formgrader in a frame, which JupyterHub forbids unless it is told."""

c = get_config()

c.ServerApp.tornado_settings = {"headers": {"Content-Security-Policy": "frame-ancestors 'self'"}}
