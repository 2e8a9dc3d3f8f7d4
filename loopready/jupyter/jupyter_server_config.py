# `loopready lab` puts this folder on JUPYTER_CONFIG_PATH, so that the reader's own settings count as well.
import warnings

from loopready.lab import keep_page

c = get_config()

# A function and not its name: the server's check of this setting cannot import one.
c.ContentsManager.pre_save_hook = keep_page

# The server sets it more than once, and warns each time that the hook replaces itself.
warnings.filterwarnings("ignore", "Overriding existing pre_save_hook")
