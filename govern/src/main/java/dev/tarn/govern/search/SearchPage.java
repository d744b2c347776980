package dev.tarn.govern.search;

import java.util.List;
import java.util.Optional;

/**
 * Some of what was found, the best first.
 *
 * @param next what to ask for the next page with; empty if there is none
 */
public record SearchPage(List<SearchHit> results, Optional<String> next) {}
