package dev.tarn.server.cli;

import dev.tarn.server.client.Rows;

/** Prints a result while it arrives. */
interface RowPrinter extends Rows {
  /** Called once after the last row, or after a statement without a result. */
  void end();
}
