"""Which static files are collected: of the npm packages only what the pages use."""

from django.contrib.staticfiles.apps import StaticFilesConfig


class AssetsConfig(StaticFilesConfig):
    """django.contrib.staticfiles, without the parts of npm packages that no page asks for."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.rtl.*",
        "bootstrap-*",
        "*.esm.*",
        "bootstrap.css*",
        "bootstrap.js*",
        "bootstrap.bundle.js*",
        "bootstrap.min.js*",
        "*.woff",
        "sarabun-vietnamese-*",
        "sarabun-*-[12358]00-*",
        "sarabun-*-[67]00-italic*",
        "src",
        "modular",
        "README.md",
        "package.json",
    ]
