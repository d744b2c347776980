package dev.tarn.platform.identity.secrets;

import java.time.Instant;

/**
 * A service principal's secret without its text.
 *
 * @param secretHash SHA-256, as hexadecimal digits
 * @param status ACTIVE, or EXPIRED after its time
 */
public record SecretInfo(
    String id,
    String secretHash,
    String status,
    Instant createTime,
    Instant updateTime,
    Instant expireTime) {}
