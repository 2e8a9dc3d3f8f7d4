"""What Jupyter's server is told for everybody of the class, the desk included."""

c = get_config()

# A login shell would begin with the system's own PATH, on which nbgrader is not.
c.ServerApp.terminado_settings = {"shell_command": ["bash"]}
