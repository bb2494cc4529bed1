"""The app's settings, with a key and without collected files: its own database, not one of the tests."""

from planner.settings import *  # noqa: F403

SECRET_KEY = "for-measuring-only"
ALLOWED_HOSTS = ["testserver"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
