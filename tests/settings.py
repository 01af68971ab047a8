"""Settings of the test run: the portal's own, in demo mode, with a cheap password hash."""

import os
import tempfile

os.environ.setdefault("DEMO", "1")
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="ita-tests-"))

from ita_portal.settings import *  # noqa: F403

INSTALLED_APPS += ["tests.flushing"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {  # pages under test need no collectstatic
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(exist_ok=True)  # noqa: F405
MEDIA_URL = "media/"  # the live server would else take every address for a media file
WHITENOISE_USE_FINDERS = True  # the live server of the journeys serves the files where they lie
WHITENOISE_AUTOREFRESH = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    # A file, as in use: two threads contend for it as two people do. In memory they would share one connection.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}  # noqa: F405
