c = get_config()

# The first thing on the screen is the course. That JupyterLab does not ask for its news is in labconfig/.
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
