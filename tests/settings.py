"""The settings of the tests: those of the app, with a key, a quick hasher and a database of their own.

It lies in memory, or, with DATABASE_URL, on that server.
"""

from planner.settings import *  # noqa: F403

SECRET_KEY = "for-tests-only"
INSTALLED_APPS = [*INSTALLED_APPS, "tests.flushing"]  # noqa: F405
DATABASES["default"].setdefault("TEST", {})  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # noqa: F405
STATIC_ROOT = STATICFILES_DIRS[0]  # noqa: F405
MEDICINE_FOLDER = ROOT / "no-such-folder"  # noqa: F405  # whatever stands in the data folder of this clone
