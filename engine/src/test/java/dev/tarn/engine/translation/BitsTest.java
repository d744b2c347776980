package dev.tarn.engine.translation;

import static dev.tarn.engine.translation.Lines.equal;

import org.junit.jupiter.api.Test;

class BitsTest {
  @Test
  void bits() throws Exception {
    equal(
        "UTC",
        """
        i & j
        i | j
        i ^ j
        ~i
        t & t
        l & l
        l | i
        l ^ i
        ~l
        ~sm
        shiftright(i, 1)
        shiftright(i, j)
        shiftright(l, 1)
        shiftright(l, i)
        (shiftright(l, 3) & 1L) | 4L
        CAST((shiftright(l, 1) & 1) AS TINYINT)
        """);
  }
}
