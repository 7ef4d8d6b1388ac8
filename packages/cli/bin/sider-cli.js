#!/usr/bin/env node
// Committed, not built, so that an install before the first build finds something to link.
import "../dist/program/main.js";
