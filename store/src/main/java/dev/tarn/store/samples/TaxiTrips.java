package dev.tarn.store.samples;

import java.time.Instant;
import java.util.Iterator;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * {@code samples.nyctaxi.trips}: as many trips as Databricks' sample has, of the same two months
 * and with the same columns. The trips are made up: no public package here has the real ones.
 */
final class TaxiTrips {
  static final String SCHEMA = "nyctaxi";

  private static final int TRIPS = 21_932;
  private static final long SEED = 2016;
  private static final long FROM = Instant.parse("2016-01-01T05:00:00Z").getEpochSecond();
  private static final int DAYS = 60;

  /** How many of a hundred trips begin in each hour of the day, roughly. */
  private static final int[] BY_HOUR = {
    4, 3, 2, 1, 1, 1, 2, 4, 5, 5, 5, 5, 5, 5, 5, 5, 4, 5, 7, 7, 6, 6, 6, 5
  };

  private static final int[] HOURS =
      IntStream.range(0, BY_HOUR.length)
          .flatMap(hour -> IntStream.range(0, BY_HOUR[hour]).map(i -> hour))
          .toArray();

  /** The first are more frequent. */
  private static final int[] ZIPS = {
    10001, 10019, 10003, 10011, 10022, 10021, 10016, 10036, 10023, 10017, 10012, 10065, 10028,
    10018, 10014, 10013, 10009, 10002, 10024, 10025, 10128, 10110, 10119, 10103, 10153, 10162,
    10029, 10044, 10069, 10282, 11201, 11211, 11215, 11217, 11222, 11101, 11103, 11106, 11371,
    11422, 11430, 11377, 10451, 10463, 7114, 7030
  };

  private TaxiTrips() {}

  static SampleTable table() {
    return new SampleTable(
        SCHEMA,
        "trips",
        "Generated, not real: taxi trips in New York City in January and February 2016, with the"
            + " columns of Databricks' sample of the same name",
        SampleTable.columns(
            "tpep_pickup_datetime timestamp, tpep_dropoff_datetime timestamp, trip_distance double,"
                + " fare_amount double, pickup_zip int, dropoff_zip int"),
        TaxiTrips::rows);
  }

  private static Iterator<Object[]> rows() {
    // One specified algorithm, so that every server has the same rows.
    Random random = new Random(SEED);
    return IntStream.range(0, TRIPS).mapToObj(i -> trip(random)).iterator();
  }

  private static Object[] trip(Random random) {
    long begin =
        FROM
            + random.nextInt(DAYS) * 86_400L
            + HOURS[random.nextInt(HOURS.length)] * 3_600L
            + random.nextInt(3_600);
    double miles = Math.round(Math.min(40, Math.exp(0.55 + 0.85 * random.nextGaussian())) * 100);
    double distance = Math.max(10, miles) / 100;
    double milesAnHour = 7 + 10 * random.nextDouble() + Math.min(12, distance);
    long seconds = 60 + Math.round(distance / milesAnHour * 3_600);
    // Two dollars and a half, and half a dollar for each fifth of a mile or minute of standing.
    double fare = 2.5 + 0.5 * Math.round(5 * distance * 0.85 + seconds / 60.0 * 0.25);
    return new Object[] {
      begin * 1_000_000, (begin + seconds) * 1_000_000, distance, fare, zip(random), zip(random)
    };
  }

  private static int zip(Random random) {
    double towardsFirst = random.nextDouble() * random.nextDouble();
    return ZIPS[(int) (towardsFirst * ZIPS.length)];
  }
}
