c = get_config()

# The first thing on the screen is the course, not JupyterLab asking whether it may fetch its news.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
