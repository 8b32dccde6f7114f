"""Hostile requests, each with what this server must answer."""
