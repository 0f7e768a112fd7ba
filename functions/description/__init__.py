"""The API describes itself: one OpenAPI document of every address under /api."""
