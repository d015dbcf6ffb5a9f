package dev.keelson.backup.s3;

import dev.keelson.backup.store.StoreException;
import dev.keelson.backup.store.StoreException.Kind;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a server's refusals mean. */
final class S3Failures {

    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int TOO_MANY = 429;
    private static final int SERVERS_FAULT = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int FULL = 507;

    /** What servers of different makers say when there is no room. */
    private static final Set<String> FULL_CODES = Set.of(
            "QuotaExceeded",
            "XMinioStorageFull",
            "XMinioAdminBucketQuotaExceeded",
            "InsufficientStorage",
            "EntityTooLarge",
            "ServiceQuotaExceededException");

    /** Servers that cannot be reached say so with this one, and clocks that are set wrong with that. */
    private static final Set<String> PASSING_CODES = Set.of("RequestTimeout", "SlowDown", "RequestTimeTooSkewed");

    private S3Failures() {}

    static StoreException of(String what, SdkException cause) {
        Kind kind = kind(cause);
        String reason = cause instanceof AwsServiceException said && said.awsErrorDetails() != null
                ? said.awsErrorDetails().errorCode() + ": "
                        + said.awsErrorDetails().errorMessage()
                : String.valueOf(cause.getMessage());
        return new StoreException(kind, what + ": " + reason + advice(kind), cause);
    }

    private static String advice(Kind kind) {
        return switch (kind) {
            case REFUSED ->
                "; see that the credentials may do it, and that the bucket is there and does not keep the object";
            case FULL -> "; make room, or give another place";
            case MISSING, EXISTS, UNAVAILABLE -> "";
        };
    }

    private static Kind kind(SdkException cause) {
        if (!(cause instanceof AwsServiceException said)) {
            return noCredentials(cause) ? Kind.REFUSED : Kind.UNAVAILABLE;
        }
        String code = said.awsErrorDetails() == null
                ? ""
                : String.valueOf(said.awsErrorDetails().errorCode());
        if (FULL_CODES.contains(code) || said.statusCode() == FULL) {
            return Kind.FULL;
        }
        if (PASSING_CODES.contains(code)) {
            return Kind.UNAVAILABLE;
        }
        if (code.equals("NoSuchBucket")) {
            return Kind.REFUSED;
        }
        return switch (said.statusCode()) {
            case NOT_FOUND -> Kind.MISSING;
            case PRECONDITION_FAILED -> Kind.EXISTS;
            case CONFLICT, TOO_MANY -> Kind.UNAVAILABLE;
            case NOT_IMPLEMENTED -> Kind.REFUSED;
            default -> said.statusCode() >= SERVERS_FAULT ? Kind.UNAVAILABLE : Kind.REFUSED;
        };
    }

    private static boolean noCredentials(SdkException cause) {
        return String.valueOf(cause.getMessage()).contains("Unable to load credentials");
    }

    static boolean isUnknownQuestion(SdkException cause) {
        return cause instanceof AwsServiceException said && said.statusCode() == NOT_IMPLEMENTED;
    }

    static boolean isMissing(SdkException cause) {
        return cause instanceof AwsServiceException said && said.statusCode() == NOT_FOUND;
    }
}
