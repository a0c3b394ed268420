# make train    set up, build and train the recipe `quick`; RECIPE=… for another, FLAGS=… for more
# make test     set up, build and run everything that CI runs
# make setup    install what is missing
# make build    the program, in release

RECIPE ?= quick
FLAGS ?=

.PHONY: train test build setup format

train: build
	.build/release/equipoise train $(RECIPE) --fallback-data fashion-mnist $(FLAGS)

build: setup
	swift build -c release --product equipoise

test: setup
	swift format lint --strict --recursive --parallel Sources Tests Package.swift
	swift build --build-tests
	swift test --skip-build --no-parallel
	Scripts/check_exporters .build/debug/equipoise
	Scripts/check_dashboard .build/debug/equipoise
	Scripts/check_documentation
	Scripts/check_package

setup:
	Scripts/setup

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift
